"""What becomes of a write.

`write` settles what an answer leaves open, by `rereading` the record. `verifying` looks for what was dropped of it,
and `reconciling` finds out later what could not be known at once.
"""
