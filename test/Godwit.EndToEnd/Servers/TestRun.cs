using System.Globalization;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Postgres;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestPipelineStartup(typeof(TestRun))]

namespace Godwit.EndToEnd.Servers;

/// <summary>Everything that a run of these tests starts ends with it, however it ends. Servers of <c>pg_ctl</c> outlive
/// the process that started them, and a killed one cannot stop them, so another process waits for its end.</summary>
public sealed class TestRun : ITestPipelineStartup
{
    /// <summary>The process of <c>./check</c>: the tests end with it too.</summary>
    private const string CheckProcess = "GODWIT_CHECK_PID";

    private const UnixFileMode EverybodyMayWrite = (UnixFileMode)0b1_111_111_111;

    /// <summary>Starts the guard of a run.</summary>
    /// <param name="folder">For temporary files. It goes with the run, and names what belongs to it.</param>
    /// <param name="run">The process of the run.</param>
    /// <param name="parent">The run ends with this process too; empty: nobody started it that matters.</param>
    internal static IRunningProcess Guard(string folder, int run, string parent = "")
    {
        File.SetUnixFileMode(folder, EverybodyMayWrite);
        var script = Path.Combine(OtherServers.RepositoryRoot(), "test", "servers", "end-with");
        return new ProcessRunner(TimeProvider.System)
            .Start(new ProgramCall(script, [folder, run.ToString(CultureInfo.InvariantCulture), parent]));
    }

    /// <summary>Before the first test and the first server: all of them inherit the folder for temporary
    /// files.</summary>
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
