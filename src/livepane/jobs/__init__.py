"""Jobs: the queue, the journal of what they tell, and the runner that does them."""
