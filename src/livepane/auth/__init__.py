"""Who a caller is: the admin token, the stored tokens, browsers that are signed in, and one-use tickets."""
