using Microsoft.AspNetCore.Http;

namespace CarbonMarket.ServiceDefaults.Problems;

/// <summary>Everything that is wrong with an input, gathered before anything is decided, so that the caller mends it once.</summary>
/// <param name="most">How many are told; those beyond are not kept.</param>
public sealed class Faults(int most = 200)
{
    private readonly List<Fault> _faults = [];

    public bool Any => _faults.Count > 0;

    public IReadOnlyList<Fault> All => _faults;

    /// <param name="holds">What must be true.</param>
    /// <param name="path">JSON path of the value at fault: <c>$.items[3].quantity</c>.</param>
    /// <param name="code">Stable and kebab-case.</param>
    /// <param name="message">What is wrong and what would be right.</param>
    public bool Require(bool holds, string path, string code, string message)
    {
        if (!holds)
            Add(path, code, message);
        return holds;
    }

    public void Add(string path, string code, string message)
    {
        if (_faults.Count < most)
            _faults.Add(new Fault(path, code, message));
    }

    public IResult ToProblem()
    {
        var details = Problem.Details(StatusCodes.Status400BadRequest, "invalid-input",
            _faults.Count == 1 ? _faults[0].Message : $"The input has {_faults.Count} faults; none of it was applied.");
        details.Extensions["errors"] = _faults;
        return Results.Problem(details);
    }

    public sealed record Fault(string Path, string Code, string Message)
    {
        /// <summary>What the code means, in the language of the request.</summary>
        public string Title => Titles.Of(Code);
    }
}
