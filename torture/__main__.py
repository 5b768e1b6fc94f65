"""`python -m torture`: every fault, every bad webhook, and the page that tells of them."""

from torture.cli import main

if __name__ == "__main__":
    main()
