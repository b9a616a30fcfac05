"""The workloads whose owner has written them down: one file each."""
