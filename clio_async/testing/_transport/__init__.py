"""The checks of `clio_async.testing.check_transport`, by subject."""
