using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Godwit.App.Cli.Flags;

/// <summary>How long a command waits for another session's lock on a table.</summary>
internal sealed class LockWaitFlag
{
    public const string Default = "1m";

    /// <summary>For commands that may copy rows from server to server.</summary>
    public const string DefaultOfRows = "1m; 10m for the rows of a copy from server to server";

    private static readonly TimeSpan Min = TimeSpan.FromSeconds(1), Max = TimeSpan.FromDays(1);

    /// <param name="unsaid">The default, in words.</param>
    public LockWaitFlag(string unsaid) => Option = new("--lock-wait")
    {
        Description = "How long to wait for each table that somebody else has locked (ALTER TABLE, REINDEX, …); "
            + "who it is, is said meanwhile. "
            + $"1s to 24h. Default: {unsaid}.",
        HelpName = "TIME",
        CustomParser = Parse,
    };

    public Option<TimeSpan?> Option { get; }

    /// <summary>Null: not given.</summary>
    public TimeSpan? Read(ParseResult parsed) => parsed.GetValue(Option);

    private static TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var unit = text.Length == 0 ? TimeSpan.Zero : text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            _ => TimeSpan.Zero,
        };
        if (int.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture,
            out var number)
            && unit * number is var wait && wait >= Min && wait <= Max)
            return wait;
        result.AddError("--lock-wait: give a number with s, m or h behind it, from 1s to 24h, for example 10m");
        return null;
    }
}
