#include <sequra_pos.hpp>

int main()
{
    const bool found = sequra::echo("found").value("/data/text") == "found";
    return found && sequra::live_handles() == 0 ? 0 : 1;
}
