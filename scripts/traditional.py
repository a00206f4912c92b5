"""For developers: fill missing Traditional Chinese translations from the Simplified ones by OpenCC.

What a translator wrote is left alone. The result is a draft to read through, in the words used in Taiwan.
"""

from opencc import OpenCC

from scripts.catalogs import catalog_file, catalog_files, read_catalog, write_catalog


def main() -> None:
    convert = OpenCC("s2twp").convert
    for simplified_file in catalog_files("zh_Hans"):
        area = simplified_file.parents[3].name
        traditional_file = catalog_file(area, "zh_Hant")
        traditional = read_catalog(traditional_file, "zh_Hant")
        filled = 0
        for message in read_catalog(simplified_file, "zh_Hans"):
            known = traditional.get(message.id, message.context) if message.id else None
            if not message.id or not message.string or (known and known.string):
                continue
            string = convert(message.string) if isinstance(message.string, str) else tuple(map(convert, message.string))
            traditional.add(message.id, string, context=message.context)
            filled += 1
        if filled:
            write_catalog(traditional_file, traditional)
            print(f"{area}: {filled} filled")


if __name__ == "__main__":
    main()
