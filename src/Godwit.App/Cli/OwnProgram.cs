namespace Godwit.App.Cli;

/// <summary>How to start this program again.</summary>
internal static class OwnProgram
{
    public static string Path => Environment.ProcessPath!;

    /// <param name="arguments">Godwit's arguments.</param>
    /// <returns>Arguments for <see cref="Path"/>. Under the dotnet host, the first one is the program.</returns>
    public static IReadOnlyList<string> Arguments(IEnumerable<string> arguments) =>
        System.IO.Path.GetFileNameWithoutExtension(Path) == "dotnet"
            ? [System.IO.Path.GetFullPath(Environment.GetCommandLineArgs()[0]), .. arguments]
            : [.. arguments];
}
