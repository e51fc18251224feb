"""Lets the existing model answer the same test rows. Fill in: `execute`."""

from dsf.base import Evaluation
from dsf.incumbents import answer_with_incumbent
from dsf.tasks.{{ cookiecutter.task }} import answer_baseline


class {{ cookiecutter.class_prefix }}Evaluation(Evaluation):
    """The model in use that `eval_config.incumbent` names; without, a simple one stands in."""

    def execute(self) -> object:
        """Give the existing model's answers for the test rows."""
        answers = answer_with_incumbent(self)
        if answers is not None:
            return answers
        return answer_baseline(
            self.dataset_train,
            self.dataset_validation,
            self.dataset_test,
            self.model_config,
            self.dataset_config,
        )
