"""Jupyter's own conformance suite on this kernel: https://github.com/jupyter/jupyter_kernel_test"""

import os
import unittest

import jupyter_kernel_test

# The suite waits 15 s for any answer; a busy machine is no fault of the kernel.
jupyter_kernel_test.TIMEOUT = int(os.environ.get("IOPFL_PATIENCE", "120"))


class WorkbenchKernel(jupyter_kernel_test.KernelTests):
    kernel_name = "iop-fl"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("test")'
    completion_samples = [
        {"text": "parseF", "matches": {"parseFloat"}},
        {"text": "[1].forE", "matches": {"forEach"}},
    ]
    complete_code_samples = ["1", 'console.log("hello")', "function f() { return 3 }\nf()"]
    incomplete_code_samples = ["function f() {", "`hello", "[1, 2,"]
    invalid_code_samples = ["const = 3", "}{", "let 1a = 2"]
    code_page_something = ""
    code_generate_error = 'throw new Error("no")'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": '"text"', "result": "'text'"},
        {"code": "[1, 2]", "result": "[ 1, 2 ]"},
    ]
    code_display_data = [
        {"code": 'import { display } from "tslab"; display.html("<b>bold</b>")', "mime": "text/html"},
    ]
    code_history_pattern = "6 ? 7*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "parseInt"
    code_clear_output = ""


if __name__ == "__main__":
    unittest.main()
