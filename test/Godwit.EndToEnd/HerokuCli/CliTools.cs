using Godwit.Postgres;

namespace Godwit.EndToEnd.HerokuCli;

/// <summary>Where the CLI and its psql are.</summary>
internal static class CliTools
{
    /// <summary>The CLI itself: <c>./check</c> installs it into <c>.tools</c>, <c>GODWIT_HEROKU_CLI</c> may name
    /// another.</summary>
    public static string Heroku => Found.Value;

    /// <summary>The folder of the psql that `heroku pg:psql` starts from PATH.</summary>
    public static string PsqlFolder { get; } = Path.GetDirectoryName(new PgTools(Environment.GetEnvironmentVariable)
        .Newest("psql"))!;

    // Not in a static initializer: its exception would hide this one's message.
    private static readonly Lazy<string> Found = new(FindHeroku);

    private static string FindHeroku()
    {
        string?[] candidates =
        [
            Environment.GetEnvironmentVariable("GODWIT_HEROKU_CLI"),
            Path.Combine(Root(), ".tools", "bin", "heroku"),
        ];
        return Array.Find(candidates, File.Exists)
            ?? throw new FileNotFoundException("The Heroku CLI is not there. ./check installs it into .tools; "
                + "GODWIT_HEROKU_CLI may name another.");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Godwit.slnx")))
            folder = folder.Parent;
        return folder?.FullName
            ?? throw new DirectoryNotFoundException("The tests run outside the repository: no Godwit.slnx above them.");
    }
}
