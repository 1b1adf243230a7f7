"""Parts of a procedure that several flows share: steps over the ports, in a fixed order.

They live below the flows because flows do not call each other, and above the engine
because they take steps. Whether a step is taken depends on earlier steps' results only:
a run that is taken up again after a crash must walk the same way.
"""
