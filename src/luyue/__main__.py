"""`python -m luyue` is the command `luyue`."""

from luyue.site.cli import main

if __name__ == "__main__":
    main(prog_name="luyue")
