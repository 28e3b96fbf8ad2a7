"""The reference pages that are made from the code; a test fails when one of them is stale."""
