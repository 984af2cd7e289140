using System.ComponentModel;
using System.Diagnostics;
using Godwit.Faults;

namespace Godwit.Postgres;

public sealed class ProcessRunner : IProcessRunner
{
    /// <summary>libpq's variables that hold no secret. Masking a host or a database's name wherever it stands in a message would make
    /// the message unreadable, and hide nothing that the plan does not show.</summary>
    private static readonly string[] PlainVariables =
        ["PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGSSLMODE", "PGSSLROOTCERT", "PGAPPNAME", "PGCONNECT_TIMEOUT"];

    public IRunningProcess Start(ProgramCall call)
    {
        var info = Describe(call);
        try
        {
#pragma warning disable RS0030 // This is the one file that starts programs.
            var process = Process.Start(info) ?? throw new InvalidOperationException("no process was started");
#pragma warning restore RS0030
            process.StandardInput.Close();
            return new RunningProcess(process, [.. call.Environment.Where(one => !PlainVariables.Contains(one.Key)).Select(one => one.Value)]);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new FaultException(PostgresFaults.ProgramNotStarted(call.Program, e.Message), e);
        }
    }

    private static ProcessStartInfo Describe(ProgramCall call)
    {
        var switchUser = call.AsUser is not null && Environment.UserName == "root";
        var info = new ProcessStartInfo(switchUser ? "runuser" : call.Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = call.WorkingDirectory ?? (switchUser ? "/" : ""),
        };
        // runuser without -l keeps the environment, so secrets need not become arguments.
        IEnumerable<string> prefix = switchUser ? ["-u", call.AsUser!, "--", call.Program] : [];
        foreach (var argument in prefix.Concat(call.Arguments))
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in call.Environment)
            info.Environment[name] = value?.Reveal();
        return info;
    }
}
