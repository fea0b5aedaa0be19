bin := ".venv/bin"

# test and lint
default: test lint

# all tests
test:
    {{bin}}/pytest

# linter, format and types
lint:
    {{bin}}/ruff check .
    {{bin}}/ruff format --check .
    {{bin}}/mypy

# repair what can be repaired
fix:
    {{bin}}/ruff check --fix .
    {{bin}}/ruff format .

# write the expected entries anew, and show what changed
golden:
    -{{bin}}/pytest -n0 tests/test_golden.py --update-golden
    git --no-pager diff --stat --patch -- examples/pages

# speed and memory, as ratios to the bare parse
bench *ARGS:
    {{bin}}/python benchmarks/run.py {{ARGS}}
