namespace Godwit.App.Cli;

/// <summary>This very program, to be started once more.</summary>
internal static class OwnProgram
{
    public static string Path => Environment.ProcessPath!;

    /// <param name="arguments">Of Godwit.</param>
    /// <returns>Of <see cref="Path"/>: started through the dotnet host, the program is the first argument.</returns>
    public static IReadOnlyList<string> Arguments(IEnumerable<string> arguments) =>
        System.IO.Path.GetFileNameWithoutExtension(Path) == "dotnet"
            ? [System.IO.Path.GetFullPath(Environment.GetCommandLineArgs()[0]), .. arguments]
            : [.. arguments];
}
