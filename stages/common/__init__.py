"""What the stages share: errors, the params machinery and the artifacts."""
