/*
 * The DLL's version, as the file's properties show it, and as the library says it.
 *
 * Argument: which it must be.
 */

#include "check.h"

#include <windows.h>

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    static char resource[4096];
    VS_FIXEDFILEINFO *numbers = NULL;
    char *text = NULL;
    char version[40];
    UINT length = 0;
    DWORD unused;
    DWORD size = GetFileVersionInfoSizeA("sequra_pos.dll", &unused);

    if (argc != 2)
        return 2;
    CHECK(strcmp(sq_version(), argv[1]) == 0);
    CHECK(size > 0 && size <= sizeof resource);
    if (!GetFileVersionInfoA("sequra_pos.dll", 0, sizeof resource, resource)
        || !VerQueryValueA(resource, "\\", (void **)&numbers, &length)) {
        CHECK(!"there is a version resource");
        return finish();
    }
    sprintf(version, "%u.%u.%u", HIWORD(numbers->dwFileVersionMS), LOWORD(numbers->dwFileVersionMS),
            HIWORD(numbers->dwFileVersionLS));
    CHECK_CASE(strcmp(version, argv[1]) == 0, version);
    CHECK(VerQueryValueA(resource, "\\StringFileInfo\\040904b0\\ProductVersion", (void **)&text, &length)
          && strcmp(text, argv[1]) == 0);
    CHECK(VerQueryValueA(resource, "\\StringFileInfo\\040904b0\\OriginalFilename", (void **)&text, &length)
          && strcmp(text, "sequra_pos.dll") == 0);
    return finish();
}
