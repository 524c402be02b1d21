"""Files → model: every problem becomes a finding at its place, and all of them are reported."""
