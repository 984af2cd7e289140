using System.ComponentModel;
using System.Diagnostics;
using Godwit.Faults;

namespace Godwit.Postgres;

public sealed class ProcessRunner(TimeProvider clock) : IProcessRunner
{
    // Without secrets. Masking hosts or database names would make messages unreadable, and the plan shows them anyway.
    private static readonly string[] PlainVariables =
        ["PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGSSLMODE", "PGSSLROOTCERT", "PGAPPNAME",
            "PGCONNECT_TIMEOUT", "LC_ALL"];

    public TimeProvider Clock => clock;

    public IRunningProcess Start(ProgramCall call)
    {
        RequireExecutable(call.Program);
        var info = Describe(call);
        try
        {
#pragma warning disable RS0030 // This is the one file that starts programs.
            var process = Process.Start(info) ?? throw new InvalidOperationException("no process was started");
#pragma warning restore RS0030
            process.StandardInput.Close();
            return new RunningProcess(process, clock,
                [.. call.Environment.Where(one => !PlainVariables.Contains(one.Key)).Select(one => one.Value)]);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new FaultException(PostgresFaults.ProgramNotStarted(call.Program, e.Message), e);
        }
    }

    // setsid or runuser would report a missing program later, in their own words.
    private static void RequireExecutable(string program)
    {
        var places = program.Contains('/', StringComparison.Ordinal)
            ? [program]
            : (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':').Select(folder => Path.Combine(folder, program));
        if (!places.Any(IsExecutable))
            throw new FaultException(PostgresFaults.ProgramNotStarted(program,
                "there is no such program, or it may not be executed"));
    }

    private static bool IsExecutable(string place)
    {
        const UnixFileMode anyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute
            | UnixFileMode.OtherExecute;
        try
        {
            return File.Exists(place) && (File.GetUnixFileMode(place) & anyExecute) != 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A broken link exists, but has no mode.
            return false;
        }
    }

    private static ProcessStartInfo Describe(ProgramCall call)
    {
        var switchUser = call.AsUser is not null && Environment.UserName == "root";
        // A session of its own: otherwise Ctrl-C would kill pg_dump while we still ask whether to stop. setsid does not
        // fork here, so the pid stays the same.
        var info = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = call.WorkingDirectory ?? (switchUser ? "/" : ""),
        };
        // runuser without -l keeps the environment, so secrets do not become arguments.
        IEnumerable<string> prefix = switchUser ? ["runuser", "-u", call.AsUser!, "--", call.Program] : [call.Program];
        foreach (var argument in prefix.Concat(call.Arguments))
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in call.Environment)
            info.Environment[name] = value?.Reveal();
        return info;
    }
}
