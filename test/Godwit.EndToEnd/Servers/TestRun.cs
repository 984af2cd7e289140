using System.Globalization;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Postgres;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestPipelineStartup(typeof(TestRun))]

namespace Godwit.EndToEnd.Servers;

/// <summary>Everything that a test run starts ends with the run, however the run ends. Servers of <c>pg_ctl</c> outlive
/// the process that started them, and a killed process cannot stop them. So a guard process waits for the run's
/// end.</summary>
public sealed class TestRun : ITestPipelineStartup
{
    /// <summary>The process of <c>./check</c>: the tests end with it too.</summary>
    private const string CheckProcess = "GODWIT_CHECK_PID";

    private const UnixFileMode EverybodyMayWrite = (UnixFileMode)0b1_111_111_111;

    /// <summary>Starts the guard of a run.</summary>
    /// <param name="folder">For temporary files. It is deleted with the run, and its name marks the run's
    /// processes.</param>
    /// <param name="run">The process of the run.</param>
    /// <param name="parent">The run ends when this process ends; empty: no such process.</param>
    internal static IRunningProcess Guard(string folder, int run, string parent = "")
    {
        File.SetUnixFileMode(folder, EverybodyMayWrite);
        var script = Path.Combine(OtherServers.RepositoryRoot(), "test", "servers", "end-with");
        return new ProcessRunner(TimeProvider.System)
            .Start(new ProgramCall(script, [folder, run.ToString(CultureInfo.InvariantCulture), parent]));
    }

    /// <summary>Runs before the first test and server, so that all inherit the temporary folder.</summary>
    /// <remarks>The name is short because the path of a socket may have 107 bytes.</remarks>
    public ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        var folder = Directory.CreateTempSubdirectory("gw-").FullName;
        // The guard outlives this process.
        _ = Guard(folder, Environment.ProcessId, Environment.GetEnvironmentVariable(CheckProcess) ?? "");
        Environment.SetEnvironmentVariable("TMPDIR", folder);
        return ValueTask.CompletedTask;
    }

    public ValueTask StopAsync() => ValueTask.CompletedTask;
}
