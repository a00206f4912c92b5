"""For developers: give every text of the shipped procedures that lacks one its Traditional Chinese, by OpenCC.

Only characters are converted, no words: a 程序 stays a 程序. What stands there already is left alone, so a text whose
Simplified wording changes needs its Traditional line taken out before this is run again.
"""

import re
from collections.abc import Callable
from pathlib import Path

from opencc import OpenCC

RULEBOOKS = Path(__file__).resolve().parents[1] / "src" / "luyue" / "rulebooks"
ON_ITS_OWN_LINE = re.compile(r"^(?P<indent> +)zh-hans: (?P<text>.+)\n(?! +zh-hant:)", re.MULTILINE)
WITHIN_BRACES = re.compile(r"\{zh-hans: (?P<text>[^,{}]+), (?!zh-hant:)")
MISREAD = {
    "併合理": "並合理",
    "併監督": "並監督",
    "須籤": "須簽",
    "製定": "制定",
    "擬製": "擬制",
    "回復": "回覆",
    "發佈": "發布",
    "公佈": "公布",
    "編制": "編製",
    "托運單": "託運單",
    "銷燬": "銷毀",
    "巖河": "岩河",
}
"""Where OpenCC takes one character for another in these texts."""


def converter() -> Callable[[str], str]:
    convert = OpenCC("s2tw").convert

    def read_right(text: str) -> str:
        text = convert(text)
        for wrong, right in MISREAD.items():
            text = text.replace(wrong, right)
        return text

    return read_right


def main() -> None:
    convert = converter()
    for file in sorted(RULEBOOKS.rglob("*.yaml")):
        before = file.read_text(encoding="utf-8")
        after = ON_ITS_OWN_LINE.sub(
            lambda found: f"{found.group()}{found['indent']}zh-hant: {convert(found['text'])}\n", before
        )
        after = WITHIN_BRACES.sub(lambda found: f"{found.group()}zh-hant: {convert(found['text'])}, ", after)
        if after != before:
            file.write_text(after, encoding="utf-8")
            print(f"{file.relative_to(RULEBOOKS)}: {after.count('zh-hant:') - before.count('zh-hant:')} filled")


if __name__ == "__main__":
    main()
