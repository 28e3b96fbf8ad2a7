"""Several machines as one: what each shows can be watched at all of them."""
