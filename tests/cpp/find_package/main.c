#include <sequra_pos.h>

int main(void)
{
    return sq_abi_version() == SQ_ABI_VERSION ? 0 : 1;
}
