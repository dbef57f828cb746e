"""`--no-skips`: what CI uses so that nothing goes untested in silence."""

import pytest

pytest_plugins = ["pytester"]

SKIPPING = {
    "a test": "import pytest\ndef test_it(): pytest.skip('no browser')",
    "a fixture": "import pytest\n@pytest.fixture\ndef it(): pytest.skip('no browser')\ndef test_it(it): pass",
    "a mark": "import pytest\n@pytest.mark.skipif(True, reason='no browser')\ndef test_it(): pass",
    "a module": "import pytest\npytest.skip('no browser', allow_module_level=True)",
    "an import": "import pytest\npytest.importorskip('no_such_module', reason='no browser')",
}


@pytest.fixture
def conftest(pytester, repository):
    pytester.makeconftest((repository / "tests" / "conftest.py").read_text(encoding="utf-8"))
    return pytester


def test_a_skip_fails_where_none_is_allowed(conftest):
    # Names that none of the tests here has: a module that is imported already would be taken for another.
    conftest.makepyfile(**{f"test_skips_{where.split()[1]}": text + "\n" for where, text in SKIPPING.items()})
    conftest.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(skipped=len(SKIPPING))
    refused = conftest.runpytest_inprocess(
        "--no-skips", "--continue-on-collection-errors", "-p", "no:cacheprovider"
    )
    assert refused.ret == pytest.ExitCode.TESTS_FAILED
    refused.assert_outcomes(failed=1, errors=4, skipped=0)
    assert refused.stdout.str().count("no browser; --no-skips allows none") >= len(SKIPPING)


def test_a_right_that_the_machine_denies_is_no_missing_tool(conftest):
    conftest.makepyfile("import pytest\ndef test_it(): pytest.skip('needs the right to mount')\n")
    conftest.runpytest_inprocess("--no-skips").assert_outcomes(skipped=1)


def test_what_is_expected_to_fail_or_passes_is_left_alone(conftest):
    conftest.makepyfile(
        "import pytest\n@pytest.mark.xfail\ndef test_it(): assert False\ndef test_that(): pass\n"
    )
    conftest.runpytest_inprocess("--no-skips").assert_outcomes(passed=1, xfailed=1)
