using System.Globalization;
using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>Finds PostgreSQL's own programs, per major version. Search order: <c>GODWIT_PG_BIN_15</c> (one major),
/// <c>GODWIT_PG_BIN</c> (any), then Debian's <c>/usr/lib/postgresql/*/bin</c>, or the same below <c>GODWIT_PG_ROOT</c>.
/// The files may be wrappers: only their names count.</summary>
public sealed class PgTools(Func<string, string?> environment)
{
    private const string DebianRoot = "/usr/lib/postgresql";

    private const int MajorMin = 12;
    private const int MajorMax = 30;

    /// <summary>Paths, newest major first. One from <c>GODWIT_PG_BIN</c> has major 0 (unknown).</summary>
    public IEnumerable<(int Major, string Path)> Find(string program)
    {
        var root = environment("GODWIT_PG_ROOT") is { Length: > 0 } other ? other : DebianRoot;
        if (environment("GODWIT_PG_BIN") is { Length: > 0 } any && File.Exists(Path.Combine(any, program)))
            yield return (0, Path.Combine(any, program));
        for (var major = MajorMax; major >= MajorMin; major--)
        {
            var number = major.ToString(CultureInfo.InvariantCulture);
            var folder = environment($"GODWIT_PG_BIN_{number}") is { Length: > 0 } set
                ? set : Path.Combine(root, number, "bin");
            if (File.Exists(Path.Combine(folder, program)))
                yield return (major, Path.Combine(folder, program));
        }
    }

    /// <exception cref="FaultException"><c>postgres.tools_missing</c>.</exception>
    public string Newest(string program)
    {
        foreach (var (_, path) in Find(program))
            return path;
        throw new FaultException(PostgresFaults.ToolsMissing(program, Looked(program)));
    }

    private string Looked(string program)
    {
        var folders = Enumerable.Range(MajorMin, MajorMax - MajorMin + 1).Select(major => $"GODWIT_PG_BIN_{major}")
            .Prepend("GODWIT_PG_BIN")
            .Where(name => environment(name) is { Length: > 0 }).Select(name => $"{environment(name)} (from {name})")
            .Append($"{(environment("GODWIT_PG_ROOT") is { Length: > 0 } root ? root : DebianRoot)}/*/bin");
        return $"there is no {program} in {string.Join(" or ", folders)}";
    }

    /// <summary>The oldest version that can read this server; null: all found are too old. pg_dump refuses newer
    /// servers, and more versions of pg_restore read the archive of an older one.</summary>
    public string? OldestFor(string program, int serverMajor)
    {
        string? best = null;
        foreach (var (major, path) in Find(program))
        {
            if (major == 0 || major >= serverMajor)
                best = path;
            if (major == 0)
                break;
        }

        return best;
    }
}
