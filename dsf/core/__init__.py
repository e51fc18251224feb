"""The words all else uses: errors, config, references, the run folder, results."""
