// Cli: the command line. It reads options, calls the engine and prints. It knows no SQL and no HTTP.
using System.Runtime.InteropServices;
using System.Text;
using Godwit.App.Cli.Screens;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.App.Cli;

/// <summary>The console of a run in the background (<c>--detach</c>), where nobody can answer. Until the run begins, it
/// writes to the pipes of the command that started it; then to a file in the run's folder.</summary>
public sealed class BackgroundConsole : IConsole
{
    /// <summary>Before the run's id. No other line of a command starts like this.</summary>
    internal const string BegunMark = "@run ";

    // For the background process only, not for its children.
    private const string Variable = "GODWIT_DETACHED";

    // The first line of standard input, which the background process lacks. Only the same user can read a variable;
    // everybody can read an argument.
    private const string InputVariable = "GODWIT_DETACHED_INPUT";

    // No word that messages use: a child's variables are masked in its output.
    private const string Mark = "godwit-detached-run";

    private TextWriter _outNow = Console.Out;
    private TextWriter _errorNow = Console.Error;

    private BackgroundConsole(string? input)
    {
        In = input is null ? TextReader.Null : new StringReader(input);
        Out = new SwitchedWriter(() => _outNow);
        Error = new SwitchedWriter(() => _errorNow);
    }

    public TextWriter Out { get; }

    public TextWriter Error { get; }

    public Stream? BinaryOut => null;

    public TextReader In { get; }

    public Stream? BinaryIn => null;

    public bool IsTerminal => false;

    public bool PrintsToTerminal => false;

    public bool CanAsk => false;

    /// <summary>Null: no background process.</summary>
    public static BackgroundConsole? FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable(Variable) != Mark)
            return null;
        var input = Environment.GetEnvironmentVariable(InputVariable);
        // Children must not act as background processes, nor get secrets that they do not need.
        Environment.SetEnvironmentVariable(Variable, null);
        Environment.SetEnvironmentVariable(InputVariable, null);
        return new(input);
    }

    /// <param name="input">First line of standard input, if the command reads one.</param>
    internal static Dictionary<string, Secret?> Variables(string? input)
    {
        var variables = new Dictionary<string, Secret?> { [Variable] = new(Mark) };
        if (input is not null)
            variables[InputVariable] = new(input);
        return variables;
    }

    /// <summary>Tells the command that started this process that the run has begun. Output then goes to the run's
    /// file.</summary>
    /// <exception cref="FaultException"><c>cli.file_unwritable</c>.</exception>
    internal void Begin(string runId, RunFolder runs)
    {
        var path = runs.OutputOf(runId);
        try
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
#pragma warning disable CA2000 // It lives as long as the process.
            var writer = TextWriter.Synchronized(new LastingWriter(
                new StreamWriter(file, new UTF8Encoding(false)) { AutoFlush = true }));
#pragma warning restore CA2000
            _outNow = _errorNow = writer;
            Console.Out.WriteLine(BegunMark + runId);
            // The runtime's crash messages go there too: nobody reads the pipes any more.
            Redirect(file.SafeFileHandle);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(CliFaults.FileUnwritable("--detach", path, e.Message), e);
        }
    }

    public bool Ask(string question) => false;

    public string? Prompt(string question) => null;

    public IDisposable OnInterrupt(Action<InterruptKind> handler) =>
        new SignalRegistrations(handler, ignoresHangUp: () => true);

    public IDisposable OutliveTerminal() => SignalRegistrations.On(PosixSignal.SIGHUP, () => { });

    private static void Redirect(SafeHandle file)
    {
        const int StandardOutput = 1, StandardError = 2;
        var descriptor = file.DangerousGetHandle().ToInt32();
        _ = Duplicate(descriptor, StandardOutput);
        _ = Duplicate(descriptor, StandardError);
    }

#pragma warning disable SYSLIB1054 // The generated kind would need unsafe code for two integers.
    [DllImport("libc", EntryPoint = "dup2"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Duplicate(int from, int to);
#pragma warning restore SYSLIB1054

    // Screens keep the writer they got, so its destination changes inside it.
    private sealed class SwitchedWriter(Func<TextWriter> now) : TextWriter
    {
        public override Encoding Encoding => now().Encoding;

        public override void Write(char value) => now().Write(value);

        public override void Write(char[] buffer, int index, int count) => now().Write(buffer, index, count);

        public override void Write(ReadOnlySpan<char> buffer) => now().Write(buffer);

        public override void Write(string? value) => now().Write(value);

        public override void WriteLine(string? value) => now().WriteLine(value);

        public override void Flush() => now().Flush();
    }
}
