// The header alone, twice, and every template of it, under stricter flags than the rest.
#include <sequra_pos.hpp>
#include <sequra_pos.hpp>

template class sequra::Word<sequra::words::ErrorCode>;
template class sequra::Word<sequra::words::Next>;
template class sequra::Word<sequra::words::State>;
template class sequra::Word<sequra::words::Operation>;
template class sequra::Word<sequra::words::ItemType>;

// A macro of the header's would stand for these.
#if defined(SEQURA_POS_CXX11) || defined(SEQURA_POS_NOEXCEPT) || defined(SEQURA_POS_NULL)
#error a helper macro is left over
#endif
