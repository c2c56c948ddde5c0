using System.CommandLine;
using CarbonMarket.Calculation;
using CarbonMarket.Calculation.Verifier;

var file = new Argument<string>("trace") { Description = "The trace as JSON: a file, or - for standard input", DefaultValueFactory = _ => "-" };
var hash = new Option<string?>("--sha256") { Description = "The hash the trace must have, as kept in the event it belongs to" };
var page = new Option<string?>("--page") { Description = "Writes the trace as a readable page in this language: en or zh-CN" };
var command = new RootCommand("Works a calculation trace out again and compares every line: 0 equal, 1 a line differs, 2 no trace.") { file, hash, page };
command.SetAction(async (parsed, stop) =>
{
    var name = parsed.GetValue(file)!;
    string json;
    try
    {
        json = string.Equals(name, "-", StringComparison.Ordinal) ? await Console.In.ReadToEndAsync(stop) : await File.ReadAllTextAsync(name, stop);
    }
    catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync($"{name} cannot be read: {exception.Message}");
        return Verdict.NoTrace;
    }
    var verdict = Verdict.Of(json, parsed.GetValue(hash));
    var readable = verdict.Exit == Verdict.Equal && parsed.GetValue(page) is { } language ? TracePage.Render(verdict.Trace!, verdict.Pack!, language) : null;
    await (verdict.Exit == Verdict.NoTrace ? Console.Error : Console.Out).WriteLineAsync(readable ?? verdict.Text);
    return verdict.Exit;
});
return await command.Parse(args).InvokeAsync();
