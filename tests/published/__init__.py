"""What is published, installed in environments of its own and used there: `make dist-test`."""
