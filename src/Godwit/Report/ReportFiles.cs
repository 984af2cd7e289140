using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.Report;

/// <summary>The three reports of a run, as files that only their owner can read: they name hosts and tables.</summary>
public sealed record ReportFiles(string Html, string Json, string Text)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes report.html, report.json and report.txt into the run's folder, over older ones.</summary>
    /// <exception cref="FaultException"><c>report.not_written</c>.</exception>
    /// <inheritdoc cref="RunReport.Of(RunStory, string, IReadOnlyList{AfterStep})"/>
    public static async Task<ReportFiles> WriteAsync(
        RunStory story, string folder, IReadOnlyList<AfterStep> after, CancellationToken ct)
    {
        var report = RunReport.Of(story, folder, after);
        string In(string name) => Path.Combine(folder, name);
        var files = new ReportFiles(In("report.html"), In("report.json"), In("report.txt"));
        try
        {
            await PutAsync(files.Html, HtmlReport.Write(report), ct);
            await PutAsync(files.Json, JsonReport.Write(report), ct);
            await PutAsync(files.Text, TextReport.Write(report), ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(ReportFaults.NotWritten(folder, e.Message), e);
        }

        return files;
    }

    /// <summary>A reader sees the old page or the new one, never half of it.</summary>
    internal static async Task PutAsync(string path, string content, CancellationToken ct)
    {
        var unfinished = path + ".new";
        File.Delete(unfinished);
        await using var file = new FileStream(unfinished, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            UnixCreateMode = OwnerOnly,
        });
        try
        {
            await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(content), ct);
            await file.DisposeAsync();
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }
}
