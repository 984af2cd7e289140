using System.CommandLine;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.App.Cli.Flags;

/// <summary>Where a command reads from: <c>--from</c> and <c>--from-stdin</c>.</summary>
internal sealed class SourceFlags
{
    /// <summary>Stands for standard input where a reference is kept.</summary>
    public const string Stdin = "stdin";

    /// <summary>What a database looks like, for every text that asks for one.</summary>
    public const string Databases = "env:NAME (a variable with its URL), file:PATH, service:NAME, "
        + "or a postgres:// URL (without a password: PGPASSFILE)";

    private readonly Option<string?> _from = new("--from")
    {
        Description = $"Required, or --from-stdin. The source: {Databases}.", HelpName = "SOURCE",
    };

    private readonly Option<bool> _fromStdin =
        new("--from-stdin") { Description = "Read the source's URL from standard input." };

    public IReadOnlyList<Option> All => [_from, _fromStdin];

    /// <summary>As it is resolved later; empty when there is none, which is a problem too.</summary>
    public string Read(ParseResult parsed) => parsed.GetValue(_fromStdin) ? Stdin : parsed.GetValue(_from) ?? "";

    public IEnumerable<OptionProblem> Problems(ParseResult parsed)
    {
        var from = parsed.GetValue(_from);
        if (from?.Length == 0)
            yield return new("--from", "is empty",
                "If a variable stands there, it is not set. Write its name, and set it: --from env:SOURCE_URL.");
        else if (from is null == !parsed.GetValue(_fromStdin))
            yield return new("--from", from is null ? "is missing" : "is given twice (--from-stdin too)",
                "Give one source: --from env:SOURCE_URL.");
        if (from == Stdin)
            yield return new("--from", "is 'stdin'", "Write --from-stdin.");
    }

    /// <summary>Warns of a password that stands on the command line.</summary>
    /// <exception cref="FaultException">Nothing is there, or it is no URL.</exception>
    public static PostgresAddress Open(string reference, Surroundings world)
    {
        if (reference == Stdin)
            return new PostgresSource(world.Environment, File.ReadAllText)
                .Parse(world.Console.In.ReadLine() ?? "", "Standard input");
        return Resolve(reference, "--from", "SOURCE_URL", world);
    }

    /// <summary>Warns of a password that stands on the command line.</summary>
    /// <param name="flag">Which names the database.</param>
    /// <param name="variable">In which its URL could stand.</param>
    /// <exception cref="FaultException">Nothing is there, or it is no URL.</exception>
    public static PostgresAddress Resolve(string reference, string flag, string variable, Surroundings world)
    {
        var address = new PostgresSource(world.Environment, File.ReadAllText).Resolve(reference, flag);
        if (address.Password is not null && PostgresSource.IsUrl(reference))
        {
            world.Console.Error.WriteLine($"Warning: the password in {flag} can be seen by every user of this machine "
                + "while this runs, and stays in the shell's history.");
            world.Console.Error.WriteLine($"  next: Put the URL into a variable and name that: {flag} env:{variable}");
        }

        return address;
    }
}
