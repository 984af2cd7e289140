using System.Text;
using Godwit.App.Cli;
using Godwit.Postgres;

namespace Godwit.Tests.Cli;

/// <summary>A folder and a screen that remembers, for commands that need nothing else.</summary>
internal sealed class ArchiveWorld : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-archive-").FullName;

    /// <summary>What the last command said on standard output, as text or as bytes.</summary>
    public string Out { get; private set; } = "";

    public byte[] Bytes { get; private set; } = [];

    public string Error { get; private set; } = "";

    public Func<string, string?> Environment { get; set; } = _ => null;

    public string FileOf(string name) => Path.Combine(_folder, name);

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(FileOf(name), content);
        return FileOf(name);
    }

    public IEnumerable<string> Files => Directory.EnumerateFileSystemEntries(_folder)
        .Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal);

    /// <param name="input">Standard input; null is a keyboard.</param>
    /// <param name="isTerminal">Whether standard output is a screen; else it takes bytes.</param>
    public Task<int> RunAsync(IReadOnlyList<string> arguments, byte[]? input = null, bool isTerminal = false) =>
        GodwitAsync(["archive", .. arguments], input, isTerminal);

    /// <summary>Any command.</summary>
    public async Task<int> GodwitAsync(IReadOnlyList<string> arguments, byte[]? input = null, bool isTerminal = false)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var binary = new MemoryStream();
        var code = await GodwitCommand.RunAsync(arguments, new CliEnvironment
        {
            Console = new Screen(output, error, input is null ? null : new MemoryStream(input),
                isTerminal ? null : binary),
            Environment = Environment,
            Clock = TimeProvider.System,
            Processes = new ProcessRunner(TimeProvider.System),
        });
        (Bytes, Out, Error) = (binary.ToArray(), output + Encoding.UTF8.GetString(binary.ToArray()), error.ToString());
        return code;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed class Screen(TextWriter output, TextWriter error, Stream? input, Stream? binary) : IConsole
    {
        public TextWriter Out => output;

        public TextWriter Error => error;

        public Stream? BinaryOut => binary;

        public TextReader In => TextReader.Null;

        public Stream? BinaryIn => input;

        public bool IsTerminal => false;

        public bool PrintsToTerminal => false;

        public bool CanAsk => false;

        public bool Ask(string question) => false;

        public string? Prompt(string question) => null;

        public IDisposable OnInterrupt(Action<InterruptKind> handler) => new StringWriter();

        public IDisposable OutliveTerminal() => new StringWriter();
    }
}
