using Godwit.Faults;
using Godwit.Proof;

namespace Godwit.Verify;

public static class VerifyLevels
{
    public static EnumWords<VerifyLevel> Words { get; } = new(VerifyLevel.Checksums,
        (VerifyLevel.Counts, "counts"), (VerifyLevel.Checksums, "checksums"), (VerifyLevel.Rows, "rows"));
}
