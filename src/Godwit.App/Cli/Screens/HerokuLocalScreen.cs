using Godwit.Faults;
using Godwit.HerokuLocal;

namespace Godwit.App.Cli.Screens;

/// <summary>Never shows the token: the lines read it from its file.</summary>
internal static class HerokuLocalScreen
{
    public static void ShowStarted(RunningHerokuLocal running, string folder, string howToStop, TextWriter writer)
    {
        writer.WriteLine($"heroku-local answers on {running.Url}, and keeps its data in {folder}.");
        writer.WriteLine("Point the Heroku CLI and Godwit at it by pasting this into a shell:");
        writer.WriteLine();
        foreach (var line in Exports(running))
            writer.WriteWhole($"  {line}");
        writer.WriteLine();
        writer.WriteLine("Then, for example:");
        writer.WriteWhole("  heroku apps:create rehearsal --no-remote");
        writer.WriteWhole("  heroku addons:create heroku-postgresql:essential-1 --app rehearsal --wait");
        writer.WriteLine();
        writer.WriteLine(howToStop);
    }

    /// <summary>For <c>eval "$(godwit heroku-local --export)"</c>.</summary>
    public static int ShowExports(string folder, CliEnvironment world)
    {
        if (RunningHerokuLocal.Find(folder) is not { } running)
        {
            world.Console.Error.WriteLine($"godwit: no heroku-local runs on {folder}.");
            world.Console.Error.WriteLine("  next: Start one with: godwit heroku-local --detach");
            return ExitCodes.Refused;
        }

        foreach (var line in Exports(running))
            world.Console.Out.WriteWhole(line);
        return ExitCodes.Proven;
    }

    private static IEnumerable<string> Exports(RunningHerokuLocal running)
    {
        yield return $"export HEROKU_HOST={running.Url}";
        // Only a host name: port and scheme come from HEROKU_HOST.
        yield return $"export HEROKU_DATA_HOST={new Uri(running.Url).Host}";
        yield return $"export HEROKU_PARTICLEBOARD_URL={running.Url}";
        if (running.TokenFile is { } file)
            yield return $"export HEROKU_API_KEY=\"$(head -n 1 {ShellWord.Quoted(file)})\"";
        // Excludes this machine from a proxy. The CLI reads NO_PROXY before no_proxy; an empty entry means
        // "everything".
        yield return "export NO_PROXY=\"127.0.0.1,localhost,${NO_PROXY:-${no_proxy:-127.0.0.1}}\"";
        yield return "export DISABLE_TELEMETRY=true HEROKU_SKIP_NEW_VERSION_CHECK=true HEROKU_DISABLE_AUTOUPDATE=1";
    }
}
