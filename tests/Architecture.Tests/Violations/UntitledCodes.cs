using CarbonMarket.Kernel;

namespace CarbonMarket.Architecture.Violations;

/// <summary>Refuses with codes that nobody titled, each written in another way.</summary>
internal static class UntitledCodes
{
    public static Decision<string> Inside() => Decision<string>.Reject("inside", "The literal stands in the call.");

    public static Decision<string> ByCondition(int number) =>
        Decision<string>.Reject(number > 0 ? "by-condition" : "by-condition-too", number > 1 ? "One of two." : $"{number} of two.");

    public static Decision<string> ByTuple(int number)
    {
        var (code, reason) = number switch
        {
            0 => ("by-tuple", "The first of a table."),
            1 => ("by-tuple-too", "The second of a table."),
            _ => throw new ArgumentOutOfRangeException(nameof(number)),
        };
        return Decision<string>.Reject(code, reason);
    }

    public static Decision<string> ByMethod() => Decision<string>.Reject(Chosen().Code, Chosen().Reason);

    public static async Task<Decision<string>> AfterWaiting()
    {
        var code = "after-waiting";
        await Task.Yield();
        return Decision<string>.Reject(code, "The code waits in a field of the state machine.");
    }

    public static IEnumerable<Decision<string>> InLambda(IEnumerable<string> reasons)
    {
        var code = "in-lambda";
        return reasons.Select(reason => Decision<string>.Reject(code, reason));
    }

    private static (string Code, string Reason) Chosen() => ("by-method", "Another method chooses it.");
}
