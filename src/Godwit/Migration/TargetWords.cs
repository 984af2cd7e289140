using Godwit.Faults;
using Godwit.Targets;

namespace Godwit.Migration;

/// <summary>The target as it is named in commands that are there to be pasted.</summary>
internal static class TargetWords
{
    /// <returns>What stands behind <c>--to</c>; an address may hold what a shell would take for its own.</returns>
    public static string Reference(MigrationParts parts) =>
        parts.Target is HerokuTargetName heroku ? $"{heroku}"
        : ShellWord.Of(parts.Settings.To) == parts.Settings.To ? parts.Settings.To
        : "env:TARGET_URL";
}
