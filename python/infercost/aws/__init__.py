"""What is read from AWS: objects in S3, and nothing else. Nothing here writes, and only here boto3 is imported."""
