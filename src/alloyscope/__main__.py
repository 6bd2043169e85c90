"""`python -m alloyscope` is the command `alloyscope`."""

from alloyscope.cli.main import main

if __name__ == "__main__":
    main()
