using System.Text.Json;

namespace CarbonMarket.Calculation.Verifier;

/// <summary>What the verifier says of a text, and the exit code it says it with.</summary>
internal sealed record Verdict(int Exit, string Text, Trace? Trace = null, MethodPack? Pack = null)
{
    public const int Equal = 0;
    public const int Differs = 1;
    public const int NoTrace = 2;

    public static Verdict Of(string json, string? sha256)
    {
        Trace trace;
        try
        {
            trace = Calculation.Trace.FromJson(json);
        }
        catch (JsonException exception)
        {
            return new Verdict(NoTrace, $"This is no trace: {exception.Message}");
        }
        var hash = trace.Hash();
        if (sha256 is not null && !string.Equals(sha256, hash, StringComparison.OrdinalIgnoreCase))
            return new Verdict(Differs, $"The trace has the SHA-256 {hash}, not {sha256}.");
        if (MethodPacks.Find(trace.Pack, trace.PackVersion) is not { } pack)
            return new Verdict(NoTrace, $"The method pack {trace.Pack} {trace.PackVersion} is not shipped with this verifier.");
        return Recomputation.Recompute(trace, pack) is { } difference
            ? new Verdict(Differs, $"The first line that differs: {difference}")
            : new Verdict(Equal, $"Equal: {trace.Method} of {trace.Year} is {trace.Measure}, SHA-256 {hash}.", trace, pack);
    }
}
