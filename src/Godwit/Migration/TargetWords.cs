using Godwit.Faults;
using Godwit.Targets;

namespace Godwit.Migration;

/// <summary>The target in commands that the user pastes.</summary>
internal static class TargetWords
{
    /// <returns>The value of <c>--to</c>. A variable replaces an address that a shell would interpret.</returns>
    public static string Reference(MigrationParts parts) =>
        parts.Target is HerokuTargetName heroku ? $"{heroku}"
        : ShellWord.Of(parts.Settings.To) == parts.Settings.To ? parts.Settings.To
        : "env:TARGET_URL";
}
