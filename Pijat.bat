@echo off
rem Opens Pijat on Windows by double click; installs it the first time. What is said after its name goes on: --demo
setlocal
cd /d "%~dp0"
rem start.py looks for the Python that fits; any from 3.6 on can run it. "python" may be a stub that opens the shop.
for %%P in (py python3 python) do (
  %%P -c "import sys; sys.exit(sys.version_info < (3, 6))" >nul 2>nul && (
    set "PIJAT_PYTHON=%%P"
    goto start
  )
)
echo Pijat memerlukan Python, yang belum ada di komputer ini. Pasanglah, lalu mulai lagi:
echo Pijat needs Python, which this computer does not have yet. Install it, then start again:
echo     https://www.python.org/downloads/
pause
exit /b 1

:start
%PIJAT_PYTHON% scripts\start.py %*
if errorlevel 1 pause
