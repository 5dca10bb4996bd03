using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using SequraPos;

internal static class Declarations
{
    public static void EveryStatusHasTheLibrarysName()
    {
        foreach (Status status in Enum.GetValues(typeof(Status)))
            Check.Equal("SQ_" + status.ToString().ToUpperInvariant(), SequraLibrary.StatusName(status).Replace("_", "").Replace("SQ", "SQ_"));
        Check.Equal("SQ_UNKNOWN_STATUS", SequraLibrary.StatusName((Status)7777));
        Check.Equal(-1, SequraLibrary.StatusClass((Status)7777));
        Check.Equal(2, SequraLibrary.StatusClass(Status.Conflict));
    }

    public static void EveryFunctionIsCdeclAndThere()
    {
        Type native = typeof(SequraLibrary).Assembly.GetType("SequraPos.Native");
        MethodInfo function = typeof(SequraLibrary).GetMethod("Function", BindingFlags.NonPublic | BindingFlags.Static);
        SequraLibrary.Load();
        int found = 0;
        foreach (FieldInfo field in native.GetFields(BindingFlags.NonPublic | BindingFlags.Static).Where(field => !field.IsLiteral))
        {
            var attribute = (UnmanagedFunctionPointerAttribute)field.FieldType
                .GetCustomAttributes(typeof(UnmanagedFunctionPointerAttribute), false).Single();
            Check.Equal(CallingConvention.Cdecl, attribute.CallingConvention, field.Name);
            string name = native.GetMethods(BindingFlags.NonPublic | BindingFlags.Static)
                .Select(method => method.Name).Single(one => one.Replace("_", "") == "sq" + field.Name.ToLowerInvariant());
            function.MakeGenericMethod(field.FieldType).Invoke(null, new object[] { null, name });
            found++;
        }
        Check.That(found > 35, found + " functions");
    }

    public static void TheAssemblyIsOfTheLibrarysVersion()
    {
        Check.Equal(1, SequraLibrary.AbiVersion);
        object attribute = typeof(SequraLibrary).Assembly.GetCustomAttributes(typeof(AssemblyInformationalVersionAttribute), false).Single();
        Check.Equal(SequraLibrary.Version, ((AssemblyInformationalVersionAttribute)attribute).InformationalVersion);
        Check.That(SequraLibrary.BuildInfo.StartsWith("{", StringComparison.Ordinal), SequraLibrary.BuildInfo);
    }
}

internal static class Errors
{
    public static void AProblemIsTyped()
    {
        string wrong = Given.Order().Replace("\"order_total_with_tax\": 38290", "\"order_total_with_tax\": 38291");
        using (SequraClient till = Given.Client(", \"language\": \"en\""))
        {
            InvalidOrderException e = Check.Throws<InvalidOrderException>(() => till.StartSolicitation(wrong));
            Check.Equal(Status.InvalidOrder, e.Status);
            Check.Equal("SQ_INVALID_ORDER", e.StatusName);
            Check.Equal(ErrorCode.CartTotalMismatch, e.Code);
            Check.Equal(Next.FixOrder, e.Next);
            SequraProblem problem = e.Errors.Single();
            Check.Equal("/cart/order_total_with_tax", problem.Pointer);
            Check.Equal("38290", problem.Expected);
            Check.Equal("38291", problem.Actual);
            Check.That(e.Message.StartsWith("SQ_INVALID_ORDER: ", StringComparison.Ordinal), e.Message);
            Check.That(e.Message.Contains(problem.Message), e.Message);
            Check.That(e.OperatorMessage != "", "the operator is told");
            Check.Equal(Operation.StartSolicitation, e.Result.Operation);
            Check.That(e.Result.Http == null, "nothing was sent");
        }
    }

    public static void AConflictIsTyped()
    {
        using (SequraClient till = Given.Client())
        {
            SequraOrder order = till.StartSolicitation(Given.Order()).Order;
            till.SendForm(order.Url, "pp3");
            ConflictException early = Check.Throws<ConflictException>(() => till.Confirm(order.Url));
            Check.Equal(ErrorCode.NotApproved, early.Code);
            Check.Equal(409, early.Result.Http.Status.Value);
            Check.Equal(order.Uuid, early.Order.Uuid);
            Given.Approve(order.Uuid);
            Given.Ask("POST", "faults", "{\"kind\":\"conflict\",\"errors\":[\"Invalid data: the cart has changed\"],\"method\":\"PUT\"}");
            ConflictException changed = Check.Throws<ConflictException>(() => till.Confirm(order.Url));
            Check.Equal(ErrorCode.CartChanged, changed.Code);
            Check.Equal("Invalid data: the cart has changed", changed.Errors[0].Message);
            Check.Equal(State.Conflicted, changed.Order.State);
        }
    }

    public static void EveryStatusHasItsClass()
    {
        var classes = new Dictionary<int, Type>
        {
            { 1, typeof(InvalidCallException) }, { 2, typeof(RefusedException) }, { 3, typeof(NoAnswerException) },
            { 4, typeof(MachineException) }, { 9, typeof(InternalException) }
        };
        foreach (Status status in Enum.GetValues(typeof(Status)))
            if (status != Status.Ok)
                Check.That(classes[(int)status / 1000].IsInstanceOfType(Of(status)), status + " is " + Of(status).GetType());
        Check.Equal(typeof(InvalidOrderException), Of(Status.InvalidOrder).GetType());
        Check.Equal(typeof(ConflictException), Of(Status.Conflict).GetType());
        Check.Equal(typeof(DuplicateOrderRefException), Of(Status.DuplicateOrderRef).GetType());
        Check.Equal(typeof(ConflictException), typeof(DuplicateOrderRefException).BaseType);
        Check.Equal(typeof(OutcomeUnknownException), Of(Status.OutcomeUnknown).GetType());
        // One that a newer library has.
        Check.Equal(typeof(SequraException), Of((Status)7777).GetType());
        Check.Equal(7777, (int)Of((Status)7777).Status);
    }

    private static SequraException Of(Status status)
    {
        MethodInfo of = typeof(SequraException).GetMethod(
            "Of", BindingFlags.NonPublic | BindingFlags.Static, null, new[] { typeof(int), typeof(string), typeof(SequraResult) }, null);
        return (SequraException)of.Invoke(null, new object[] { (int)status, "x", null });
    }

    public static void AnErrorWithoutAResult()
    {
        using (var order = new OrderBuilder())
        {
            InvalidCallException e = Check.Throws<InvalidCallException>(() => order.Set("no pointer", "x"));
            Check.Equal(Status.InvalidArgument, e.Status);
            Check.That(e.Result == null && e.Order == null && e.Code == null && e.Errors.Count == 0, "there is none");
            Check.Equal(Next.None, e.Next);
            Check.Equal("", e.OperatorMessage);
        }
        using (SequraResult result = SequraLibrary.Echo("null"))
        {
            Check.Throws<InvalidCallException>(() => result.Get("/not/there"));
            Check.That(result.Find("/not/there") == null, "nothing is there");
            Check.That(result.Find("/order") == null, "null is nothing");
            Check.Equal("null", result.Get("/order"));
            Check.That(result.FindInteger("/data/text") == null, "no number");
            Check.Equal(4L, result.FindInteger("/data/bytes").Value);
        }
    }

    public static void AClientThatDoesNotOpenSaysWhy()
    {
        InvalidCallException nothing = Check.Throws<InvalidCallException>(() => new SequraClient("{}"));
        Check.Equal(Status.InvalidConfig, nothing.Status);
        Check.That(nothing.Errors.Count > 2 && nothing.Message.EndsWith(" more)", StringComparison.Ordinal), nothing.Message);
        Check.Equal(Status.InvalidJson, Check.Throws<InvalidCallException>(() => new SequraClient("{")).Status);
        Check.Throws<InvalidCallException>(() => SequraClient.OpenFile("is not there.json"));
        MachineException journal = Check.Throws<MachineException>(
            () => new SequraClient(Given.Config().Replace(":memory:", "/is/not/there/journal")));
        Check.Equal(Status.Journal, journal.Status);
    }
}
