using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Godwit.Faults;

namespace Godwit.HerokuLocal.State;

/// <summary>In Heroku's formats: recognised by its tools, and safe in URLs and shells.</summary>
internal static partial class Names
{
    public const string AppRule = "Name must start with a letter, "
        + "end with a letter or digit and can only contain lowercase letters, digits, and dashes.";

    private static readonly string[] Adjectives = ["curved", "shallow", "rigid", "amorphous", "parallel", "tidal",
        "slender", "polished", "cubic", "fitted"];
    private static readonly string[] Nouns = ["plains", "ridge", "harbor", "meadow", "delta", "fjord", "lagoon",
        "basin", "cove", "atoll"];

    private static readonly string[] Colors =
    [
        "AMBER", "AQUA", "BLACK", "BLUE", "BRONZE", "BROWN", "CHARCOAL", "COBALT", "COPPER", "CRIMSON", "CYAN", "GOLD",
        "GRAY", "GREEN", "IVORY",
        "JADE", "MAROON", "MAUVE", "NAVY", "OLIVE", "ONYX", "ORANGE", "PINK", "PUCE", "PURPLE", "RED", "ROSE", "SILVER",
        "TEAL", "VIOLET", "WHITE", "YELLOW",
    ];

    [GeneratedRegex("^[a-z][a-z0-9-]{1,28}[a-z0-9]$", RegexOptions.CultureInvariant)]
    private static partial Regex AppPattern();

    public static bool IsApp(string name) => AppPattern().IsMatch(name);

    public static string NewApp() => $"{Pick(Adjectives)}-{Pick(Nouns)}-{Number()}";

    public static string NewAddon() => $"postgresql-{Pick(Adjectives)}-{Number()}";

    /// <summary>A letter, then lower-case letters and digits, as on Essential plans: <c>u63okaju130hj</c>,
    /// <c>dfgsdg5v6vqapb</c>.</summary>
    public static string NewRole() => "u" + Letters(13);

    public static string NewDatabase() => "d" + Letters(13);

    /// <summary>Alphanumeric: the CLI hands it to psql still percent-encoded.</summary>
    public static Secret NewPassword() => new("p" + RandomNumberGenerator.GetHexString(64, lowercase: true));

    /// <summary>The first unused <c>HEROKU_POSTGRESQL_COLOR</c> from a random one on; with a number when all are
    /// taken.</summary>
    public static string NewAttachment(ISet<string> taken)
    {
        var first = RandomNumberGenerator.GetInt32(Colors.Length);
        for (var i = 0; ; i++)
        {
            var round = i / Colors.Length;
            var name = "HEROKU_POSTGRESQL_" + Colors[(first + i) % Colors.Length]
                + (round == 0 ? "" : round.ToString(CultureInfo.InvariantCulture));
            if (!taken.Contains(name))
                return name;
        }
    }

    /// <summary>The same in every run, for plans, services, regions and stacks.</summary>
    public static Guid StableId(string thing) => new(SHA256.HashData(Encoding.UTF8.GetBytes(thing)).AsSpan(0, 16));

    private static string Letters(int count) =>
        RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", count);

    private static string Pick(string[] words) => words[RandomNumberGenerator.GetInt32(words.Length)];

    private static string Number() =>
        RandomNumberGenerator.GetInt32(10_000, 100_000).ToString(CultureInfo.InvariantCulture);
}
