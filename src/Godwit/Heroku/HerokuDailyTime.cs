using System.Globalization;
using System.Text.RegularExpressions;

namespace Godwit.Heroku;

/// <summary>The time of a daily backup, as in <c>pg:backups:schedule --at</c> of Heroku's command line: a full hour and
/// a time zone.</summary>
/// <param name="Hour">0 to 23.</param>
/// <param name="Timezone">As sent to Heroku: <c>UTC</c>, <c>Europe/Paris</c>.</param>
public sealed partial record HerokuDailyTime(int Hour, string Timezone)
{
    // Abbreviations in Heroku's command line, and the names it sends for them.
    private static readonly Dictionary<string, string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        ["BST"] = "Europe/London",
        ["CDT"] = "America/Chicago",
        ["CEST"] = "Europe/Paris",
        ["CET"] = "Europe/Paris",
        ["CST"] = "America/Chicago",
        ["EDT"] = "America/New_York",
        ["EST"] = "America/New_York",
        ["GMT"] = "Europe/London",
        ["MDT"] = "America/Boise",
        ["MST"] = "America/Boise",
        ["PDT"] = "America/Los_Angeles",
        ["PST"] = "America/Los_Angeles",
        ["UTC"] = "UTC",
        ["Z"] = "UTC",
    };

    /// <summary>The hour with two digits, as Heroku's command line prints and sends it.</summary>
    public string HourText => Hour.ToString("00", CultureInfo.InvariantCulture);

    public override string ToString() => $"{HourText}:00 {Timezone}";

    /// <summary>Parses <c>02:00 UTC</c>; the default time zone is UTC. Null: the text is invalid.</summary>
    /// <param name="problem">A clause. Null: none.</param>
    public static HerokuDailyTime? Parse(string text, out string? problem)
    {
        problem = null;
        var match = Shape().Match(text.Trim());
        if (!match.Success)
        {
            problem = "is not an hour and a time zone";
            return null;
        }

        var hour = int.Parse(match.Groups["hour"].ValueSpan, CultureInfo.InvariantCulture);
        if (hour > 23)
            problem = "has no hour from 00 to 23";
        else if (match.Groups["minute"].Value != "00")
            problem = "is not a full hour, and Heroku starts daily backups at full hours only";
        var zone = match.Groups["zone"].Value;
        if (zone.Length == 0)
            zone = "UTC";
        return problem is null ? new(hour, Abbreviations.GetValueOrDefault(zone, zone)) : null;
    }

    /// <summary>Compares hour and time zone, however Heroku writes them.</summary>
    public bool Is(HerokuSchedule schedule) =>
        int.TryParse(schedule.Hour, NumberStyles.None, CultureInfo.InvariantCulture, out var hour) && hour == Hour
        && string.Equals(schedule.Timezone, Timezone, StringComparison.OrdinalIgnoreCase);

    // Time zone names have letters, digits and these signs. Heroku checks whether the zone exists.
    [GeneratedRegex(@"^(?<hour>\d{1,2}):(?<minute>\d\d)(\s+(?<zone>[A-Za-z][A-Za-z0-9_+/-]*))?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
