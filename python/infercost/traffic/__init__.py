"""When requests come and how big they are: traces and rates, from files or from the bill, in one shape."""
