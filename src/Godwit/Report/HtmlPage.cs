namespace Godwit.Report;

/// <summary>What every page of Godwit has around its contents. One file that needs nothing else: no script, no font, no
/// picture, no network. It reads in light, in dark, on a telephone and on paper.</summary>
internal static class HtmlPage
{
    private static readonly Lazy<string> Style = new(() =>
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream("report.css")
            ?? throw new InvalidOperationException("report.css is not in this build");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n").TrimEnd();
    });

    /// <param name="kind">What it is, behind Godwit's name: <c>migration report</c>.</param>
    /// <param name="which">Which one of these it is: a run's id.</param>
    public static string Write(string title, string kind, string which, IEnumerable<Markup> parts, Markup footer) =>
        Markup.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="referrer" content="no-referrer">
            <title>{Words.Name(title)}</title>
            <style>
            {new Markup(Style.Value)}
            </style>
            </head>
            <body>
            <main>
            <header><span><b>Godwit</b> {kind}</span> <span class="run">{which}</span></header>
            {parts}
            <footer>{footer}</footer>
            </main>
            </body>
            </html>

            """).Text;
}
