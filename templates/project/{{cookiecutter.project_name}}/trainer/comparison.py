"""Compares the new model with the existing one. Fill in: `compare`."""

from dsf.base import Comparison
from dsf.metrics import compare_results


class {{ cookiecutter.class_prefix }}Comparison(Comparison):
    """Metric by metric, for the metrics that config.yaml switches on."""

    def compare(self) -> dict | str:
        """Give {metric: {"trained": ..., "eval": ...}}."""
        self.comparison_results = compare_results(
            self.test_results, self.eval_results, self.metrics
        )
        return self.comparison_results
