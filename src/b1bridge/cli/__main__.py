"""`python -m b1bridge.cli`: the command line where no script is installed."""

from b1bridge.cli import main

main()
