using System.Text.RegularExpressions;

namespace Godwit.Load;

/// <summary>Finds, in pg_restore's log, skipped statements that leave nothing missing.</summary>
/// <remarks>pg_restore names the entry of the archive before each error:
/// <c>pg_restore: from TOC entry 4211; 0 0 COMMENT EXTENSION citext</c>.</remarks>
internal sealed partial class RestoreLog
{
    private readonly List<string> _comments = [];

    public RestoreLog(IEnumerable<string> lines)
    {
        string? entry = null;
        foreach (var line in lines)
        {
            if (Entry().Match(line) is { Success: true } named)
                entry = named.Groups[1].Value;
            else if (Error().IsMatch(line))
            {
                if (entry is not null && ExtensionComment().Match(entry) is { Success: true } comment
                    && line.Contains("must be owner of extension", StringComparison.Ordinal))
                    _comments.Add(comment.Groups[1].Value);
                entry = null;
            }
        }
    }

    /// <summary>Extensions whose comment was skipped. Nothing is missing: CREATE EXTENSION has set the comment that
    /// pg_dump repeats. Only the extension's owner may set it, who is Heroku's administrator.</summary>
    public IReadOnlyList<string> ExtensionComments => _comments;

    [GeneratedRegex(@"from TOC entry \d+; \d+ \d+ (.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Entry();

    [GeneratedRegex(@"pg_restore: (error:|\[[^\]]*\] (could not|Error))", RegexOptions.CultureInvariant)]
    private static partial Regex Error();

    [GeneratedRegex(@"^COMMENT (?:- )?EXTENSION ""?([^"" ]+)""?", RegexOptions.CultureInvariant)]
    private static partial Regex ExtensionComment();
}
