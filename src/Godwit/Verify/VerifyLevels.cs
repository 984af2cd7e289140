using Godwit.Faults;

namespace Godwit.Verify;

public static class VerifyLevels
{
    public static EnumWords<VerifyLevel> Words { get; } = new(VerifyLevel.Checksums,
        (VerifyLevel.Counts, "counts"), (VerifyLevel.Checksums, "checksums"), (VerifyLevel.Rows, "rows"));
}
