"""`python -m b1sim`: the command line where no script is installed."""

from b1sim.cli import main

main()
